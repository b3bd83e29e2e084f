/* What pages may do beyond links and forms: `/` goes to the search, forms that filter send themselves. */
"use strict";
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const search = document.getElementById("search");
    if (search) { event.preventDefault(); search.focus(); }
  }
});
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-send-on-change]");
  if (form) form.requestSubmit();
});

/* A slider over days: it fills a date field while it moves, and sends the field's form once it rests. */
for (const slider of document.querySelectorAll("[data-first-day]")) {
  const field = document.getElementById(slider.dataset.fills);
  const show = () => {
    const day = new Date(`${slider.dataset.firstDay}T00:00:00Z`);
    day.setUTCDate(day.getUTCDate() + Number(slider.value));
    field.value = day.toISOString().slice(0, 10);
    slider.setAttribute("aria-valuetext", field.value);
  };
  slider.hidden = false;
  slider.setAttribute("aria-valuetext", field.value);
  slider.addEventListener("input", show);
  let rest;
  slider.addEventListener("change", () => { clearTimeout(rest); rest = setTimeout(() => field.form.requestSubmit(), 700); });
}
