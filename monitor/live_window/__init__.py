"""The window: one page at a time, pulling the display ring on a timer. No asyncio anywhere in here.

`shown` puts pages on the screen, in `app_window` (the window itself). Pages: `start_page` (what `start_offer` holds),
`settings_page` (what `settings_form` holds, in `form_row`s), `session_page` (of `state_panels`, `prompt_panel`,
`strap_panels`, `controls` and `curves`), `replay_page`, `desk_mode` (with `desk_strip` and `tray`), `history_page`
(of `session_list`, `day_calendar` and `trend_plot`, over `kept_sessions`). Curves: `gap_plot` and `side_plots` on
`plot_items`, over the stretch that `time_view` says. `theme` has colours and type, `fonts` the wearer's characters,
`drawing` what he is to do as a picture, `labels` and `flow` what every page is made of, `keys_help` all keys,
`background` work off the window's thread, `reminding` what is said while the window waits, `opened` other programs,
`display` whether this machine can show a window at all.
"""
