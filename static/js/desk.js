// Smoothing for the desk: every page works without this file.
//
// 1. The board keeps itself up to date (htmx asks; this file looks after sign-out, loss of connection and hidden windows).
// 2. Choosing a visit swaps the panel in place.
// 3. Keyboard: single letters press what carries that letter in data-key; arrows walk on the board.

const SWITCH = "desk-shortcuts";

// ---------- 1. Up to date --------------------------------------------------------------------------------------------

const state = document.getElementById("live-state");
let lost = false;

function say(text) {
  if (state) state.textContent = text;
}

function connection(up) {
  if (!state || up !== lost) return;
  lost = !up;
  state.classList.toggle("vh", up);
  state.classList.toggle("lost", !up);
  say(up ? state.dataset.back : state.dataset.lost);
}

document.addEventListener("htmx:beforeRequest", (event) => {
  const poll = event.detail.elt.matches("[data-poll]") && event.detail.requestConfig.triggeringEvent === undefined;
  if (poll && document.hidden) event.preventDefault();
});

// A sign-in page in place of a fragment: the session is over, so the whole page goes there.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 304 || event.detail.xhr.getResponseHeader("X-Desk")) return;
  event.detail.shouldSwap = false;
  window.location.reload();
});

document.addEventListener("htmx:afterRequest", (event) => connection(event.detail.successful || event.detail.xhr.status === 304));
document.addEventListener("htmx:sendError", () => connection(false));
document.addEventListener("visibilitychange", () => {
  const polled = document.querySelector("[data-poll]");
  if (!document.hidden && polled && window.htmx) window.htmx.trigger(polled, "refresh");
});

// ---------- 2. Choosing a visit --------------------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  const link = event.target.closest("a.v, .arrivals a, #rail .pairs a[href^='?visit']");
  const grid = document.getElementById("grid");
  if (!link || !grid || !window.htmx || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const address = new URL(link.href);
  window.history.replaceState(null, "", address.pathname + address.search);
  window.htmx.ajax("GET", address.pathname + address.search, { target: "#grid", swap: "outerHTML" });
});

// ---------- 3. Keyboard ----------------------------------------------------------------------------------------------

function shortcutsOn() {
  try {
    return window.localStorage.getItem(SWITCH) !== "off";
  } catch {
    return true;
  }
}

for (const box of document.querySelectorAll("[data-keys]")) {
  box.closest("[data-keys-switch]").hidden = false;
  box.checked = shortcutsOn();
  box.addEventListener("change", () => {
    try {
      window.localStorage.setItem(SWITCH, box.checked ? "on" : "off");
    } catch {
      // Without storage the switch holds for this page only.
    }
    document.documentElement.classList.toggle("no-keys", !box.checked);
  });
}
document.documentElement.classList.toggle("no-keys", !shortcutsOn());
for (const hint of document.querySelectorAll("[data-with-keys]")) hint.hidden = false;

const typing = (element) => element.closest("input, select, textarea, [contenteditable]");

// Where the visits and times of the board stand, column by column: what arrows walk on.
function walk(from, key) {
  const column = from.closest(".col");
  const stops = [...column.querySelectorAll("a")];
  if (key === "ArrowUp" || key === "ArrowDown") return stops[stops.indexOf(from) + (key === "ArrowDown" ? 1 : -1)];
  const columns = [...document.querySelectorAll("#grid .col")].filter((one) => one === column || one.querySelector("a"));
  const next = columns[columns.indexOf(column) + (key === "ArrowRight" ? 1 : -1)];
  if (!next) return null;
  const top = from.getBoundingClientRect().top;
  const distance = (link) => Math.abs(link.getBoundingClientRect().top - top);
  return [...next.querySelectorAll("a")].reduce((best, link) => (distance(link) < distance(best) ? link : best));
}

// Where the arrows begin: the nearest time of the same therapist, the chosen visit, or the first thing there is.
function begin(board) {
  return board.querySelector(".t.best") || board.querySelector("a.v[aria-current]") || board.querySelector(".col a");
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key.startsWith("Arrow")) {
    const from = document.activeElement;
    const board = from && from.closest(".board");
    if (!board) return;
    const to = from.closest(".col") ? walk(from, event.key) : begin(board);
    if (to) {
      event.preventDefault();
      to.focus();
    }
    return;
  }
  if (event.key === "Escape" && typing(event.target)) {
    event.target.blur();
    return;
  }
  if (typing(event.target) || (!shortcutsOn() && event.key !== "Escape")) return;
  const wanted = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const found = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === wanted && one.offsetParent !== null);
  if (!found) return;
  event.preventDefault();
  // A letter acts on the visit whose panel is open. With another one in focus it opens that one first, and does no more.
  const focused = event.target.closest("a.v");
  const chosen = found.closest("#chosen");
  if (chosen && focused && chosen.dataset.visit && focused.id !== chosen.dataset.visit) focused.click();
  else if (found.matches("input")) found.focus();
  else found.click();
});

// The board opens where the day is, not at its beginning.
const now = document.getElementById("now");
const board = document.querySelector(".board");
if (board && board.matches(".is-picking") && begin(board)) begin(board).focus();
else if (board && now && !window.location.hash) board.scrollTop = Math.max(now.offsetTop - board.clientHeight / 3, 0);

// A filter takes effect at once; without script there is a button.
for (const form of document.querySelectorAll(".bar-form")) {
  form.addEventListener("change", () => form.requestSubmit());
}
