/** Drag a card by the mouse to another place in its row. */

/**
 * @param {HTMLElement} row its children are the cards
 * @param {(card: HTMLElement, target: HTMLElement, after: boolean) => void} drop a card on the left
 *     half of another one, or on the right one
 */
export function acceptCards(row, drop) {
  /** @type {HTMLElement | null} */
  let dragged = null;
  row.addEventListener("dragstart", (event) => {
    dragged = cardOf(event);
    event.dataTransfer?.setData("text/plain", dragged?.dataset.step ?? "");
    event.stopPropagation();
  });
  row.addEventListener("dragend", () => {
    dragged = null;
    mark(row, null, false);
  });
  for (const type of /** @type {const} */ (["dragenter", "dragover", "drop"])) {
    row.addEventListener(type, (event) => {
      if (!dragged) return; // a file: that is the frame's
      event.preventDefault();
      event.stopPropagation();
      const card = cardOf(event);
      const after = Boolean(card) && inRightHalf(card, event);
      const dropped = type === "drop";
      mark(row, dropped ? null : card, after);
      if (!dropped) return;
      if (card && card !== dragged) drop(dragged, card, after);
      dragged = null;
    });
  }
}

const cardOf = (event) => event.target.closest("li");

function inRightHalf(card, { clientX }) {
  const box = card.getBoundingClientRect();
  return clientX > box.left + box.width / 2;
}

function mark(row, card, after) {
  for (const other of row.children) {
    other.classList.toggle("cw-before", other === card && !after);
    other.classList.toggle("cw-after", other === card && after);
  }
}
