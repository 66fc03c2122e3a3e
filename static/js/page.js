// Smoothing only: every page works without this file.

// After a form comes back with something to mend, the summary takes the focus, so that it is read first.
const summary = document.querySelector("[data-focus]");
if (summary) summary.focus();

// A link in the summary goes to the input itself, not only to its place on the page.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".error-summary a[href^='#']");
  const input = link && document.getElementById(link.hash.slice(1));
  if (!input) return;
  event.preventDefault();
  const place = input.closest("fieldset") || input.closest(".field") || input;
  place.scrollIntoView({ block: "start" });
  input.focus({ preventScroll: true });
});

// "None of these" and the other boxes exclude each other.
document.addEventListener("change", (event) => {
  const list = event.target.closest("[data-ticks]");
  if (!list || !event.target.checked) return;
  const excludes = event.target.hasAttribute("data-excludes");
  for (const box of list.querySelectorAll("input[type=checkbox]")) {
    if (box !== event.target && (excludes || box.hasAttribute("data-excludes"))) box.checked = false;
  }
});
