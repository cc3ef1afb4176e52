// Reads a figure out under the pointer and stretches it in time; the report is complete without it.
"use strict";
const clock = (s) => (s < -0.5 ? "-" : "") + `${Math.floor(Math.abs(s) / 60)}:${String(Math.floor(Math.abs(s) % 60)).padStart(2, "0")}`;
document.querySelectorAll("svg[data-hover]").forEach((svg) => {
  const { rows, spans, unknown } = JSON.parse(svg.dataset.hover), x0 = +svg.dataset.x, width = +svg.dataset.w;
  const figure = svg.closest("figure"), out = figure.querySelector("output"), box = figure.querySelector(".scroll");
  const from = rows[0][0], to = rows[rows.length - 1][0], size = svg.viewBox.baseVal;
  const cursor = document.createElementNS("http://www.w3.org/2000/svg", "line");
  const at = { class: "cursor", x1: -9, x2: -9, y1: 30, y2: size.height - 26 };
  Object.entries(at).forEach(([name, value]) => cursor.setAttribute(name, value));
  svg.append(cursor);
  let index = 0, zoom = 1;
  const show = (i) => {
    index = Math.min(Math.max(i, 0), rows.length - 1);
    const [time, gap, half] = rows[index], x = x0 + (time - from) / Math.max(to - from, 1e-9) * width;
    cursor.setAttribute("x1", x); cursor.setAttribute("x2", x);
    // A moment such as pain is met by coming near it: a thousandth of the session is what a pixel covers.
    const near = (to - from) / 200;
    const going = spans.filter(([a, b]) => time >= a - (b - a < near ? near : 0) && time <= b + (b - a < near ? near : 0));
    out.textContent = [clock(time), gap === null ? unknown : `${gap} ± ${half} mm`, ...going.map((s) => s[2])].join(" · ");
    return x;
  };
  svg.addEventListener("pointermove", (event) => {
    const place = svg.getBoundingClientRect();
    const x = (event.clientX - place.left) / place.width * size.width;
    show(Math.round((x - x0) / width * (rows.length - 1)));
  });
  const stretch = (factor) => {
    const middle = (box.scrollLeft + box.clientWidth / 2) / box.scrollWidth;
    zoom = Math.min(Math.max(zoom * factor, 1), 32);
    svg.style.width = `${100 * zoom}%`;
    box.scrollLeft = middle * box.scrollWidth - box.clientWidth / 2;
  };
  figure.querySelectorAll("button").forEach((button) => button.addEventListener("click", () => stretch(+button.value)));
  box.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -20, PageDown: 20 };
    if (event.key in steps) {
      const x = show(index + steps[event.key]) / size.width * box.scrollWidth;
      if (x < box.scrollLeft || x > box.scrollLeft + box.clientWidth) box.scrollLeft = x - box.clientWidth / 2;
    } else if (event.key === "+") stretch(2); else if (event.key === "-") stretch(0.5); else return;
    event.preventDefault();
  });
  addEventListener("beforeprint", () => { svg.style.width = ""; });
  addEventListener("afterprint", () => stretch(1));
});
