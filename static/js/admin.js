// Django's tables of inline rows give their inputs no names: each gets that of its column, so that it can be heard.

function nameInputs(root) {
  for (const cell of root.querySelectorAll(".tabular td[class^='field-'], .tabular td.delete")) {
    const column = cell.closest("table").querySelectorAll("thead th")[heading(cell)];
    if (!column) continue;
    const name = column.textContent.trim();
    for (const input of cell.querySelectorAll("input:not([type=hidden]), select, textarea")) {
      if (!input.labels?.length && !input.hasAttribute("aria-label")) input.setAttribute("aria-label", name);
    }
    for (const box of cell.querySelectorAll(".select2-selection")) {  // what is chosen is part of its name
      box.removeAttribute("aria-labelledby");
      box.setAttribute("aria-label", `${name} ${box.textContent.replace("×", "").trim()}`.trim());
      box.querySelector("[role=textbox]")?.setAttribute("aria-label", name);
    }
  }
}

// The first cell of a row holds hidden fields and spans no column of its own heading.
const heading = (cell) => {
  const cells = [...cell.parentElement.children].filter((one) => !one.matches(".original"));
  const spare = cell.closest("table").querySelector("thead th.original") ? 1 : 0;
  return cells.indexOf(cell) + spare;
};

addEventListener("load", () => nameInputs(document));
document.addEventListener("formset:added", (event) => setTimeout(() => nameInputs(event.target.closest(".tabular") ?? document)));
document.addEventListener("change", (event) => {
  const table = event.target.closest(".tabular");
  if (table) setTimeout(() => nameInputs(table.parentElement));
});
