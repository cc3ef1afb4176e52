// Reads the gap out under the pointer and stretches a figure in time; the report is complete without it.
document.querySelectorAll("svg[data-hover]").forEach((svg) => {
  const rows = JSON.parse(svg.dataset.hover), x0 = +svg.dataset.x, width = +svg.dataset.w;
  const figure = svg.closest("figure"), out = figure.querySelector("output"), box = figure.querySelector(".scroll");
  const cursor = document.createElementNS("http://www.w3.org/2000/svg", "line");
  const height = svg.viewBox.baseVal.height;
  cursor.setAttribute("class", "cursor"); cursor.setAttribute("x1", -9); cursor.setAttribute("x2", -9); cursor.setAttribute("y1", 30); cursor.setAttribute("y2", height - 26);
  svg.append(cursor);
  const clock = (s) => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}`;
  svg.addEventListener("pointermove", (event) => {
    const place = svg.getBoundingClientRect();
    const x = (event.clientX - place.left) / place.width * svg.viewBox.baseVal.width;
    const from = rows[0][0], to = rows[rows.length - 1][0];
    const time = from + Math.min(Math.max((x - x0) / width, 0), 1) * (to - from);
    const row = rows[Math.min(Math.round((time - from) / (to - from) * (rows.length - 1)), rows.length - 1)];
    cursor.setAttribute("x1", x); cursor.setAttribute("x2", x);
    out.textContent = `${clock(row[0])}  ` + (row[1] === null ? "unknown" : `${row[1]} ± ${row[2]} mm`);
  });
  let zoom = 1;
  figure.querySelectorAll("button").forEach((button) => button.addEventListener("click", () => {
    const middle = (box.scrollLeft + box.clientWidth / 2) / box.scrollWidth;
    zoom = Math.min(Math.max(zoom * +button.value, 1), 16);
    svg.style.width = `${100 * zoom}%`;
    box.scrollLeft = middle * box.scrollWidth - box.clientWidth / 2;
  }));
});
