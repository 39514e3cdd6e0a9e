"use strict";
// Finding and ordering rules. Everything can be read without this script.
(() => {
  const entries = [...document.querySelectorAll("#rules .entry")];
  const [find, order, unfold, found] = ["find", "order", "unfold", "found"].map((id) => document.getElementById(id));
  const texts = new Map(entries.map((entry) => [entry, entry.textContent.toLocaleLowerCase()]));

  const filter = () => {
    const words = find.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    const hits = entries.filter((entry) => {
      const hit = words.every((word) => texts.get(entry).includes(word));
      entry.hidden = !hit;
      return hit;
    });
    for (const group of document.querySelectorAll("#rules .kind-group")) {
      group.hidden = !group.querySelector(".entry:not([hidden])");
    }
    found.value = words.length ? `${hits.length} of ${entries.length} rules` : "";
  };

  const sort = () => {
    const key = order.value;
    const sign = key === "times" ? 1 : -1;
    for (const group of document.querySelectorAll("#rules .kind-group")) {
      const inside = [...group.querySelectorAll(":scope > .entry")];
      inside.sort((a, b) => sign * (a.dataset[key] - b.dataset[key]));
      group.append(...inside);
    }
  };

  const unfoldAll = () => {
    const shown = entries.filter((entry) => !entry.hidden);
    const open = !shown.every((entry) => entry.open);
    for (const entry of shown) entry.open = open;
    unfold.textContent = open ? "Close all" : "Open all";
  };

  // browsers that do not open an entry for a link to what is in it
  const openTarget = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let entry = target?.closest("details"); entry; entry = entry.parentElement.closest("details")) {
      entry.hidden = false;
      entry.open = true;
    }
    target?.scrollIntoView();
  };

  if (entries.length) {
    document.querySelector(".tools").hidden = false;
    find.addEventListener("input", filter);
    order.addEventListener("change", sort);
    unfold.addEventListener("click", unfoldAll);
  }
  addEventListener("hashchange", openTarget);
  if (location.hash) openTarget();
})();
