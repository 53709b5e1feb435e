/** What test_one_screen.py asks of a widget in its page: each function takes the widget's root. */

const visible = (part) => part.checkVisibility({ visibilityProperty: true, opacityProperty: true });
const box = (part) => part.getBoundingClientRect();
const named = (part) => `${part.tagName}.${part.getAttribute("class")} ${part.textContent.trim().slice(0, 30)}`;
const speaks = (part) => [...part.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
const parts = (root, selector) => [...root.querySelectorAll(selector)].filter(visible);

// What a reader scrolls in its own place, and what only a screen reader says.
const APART = ".cw-scrolls, .cw-spoken, .cw-presenter, .cw-waiting";
const apart = (root, part, more = APART) => root.contains(part.closest(more));

/** Parts that are cut: by their own edge, or by the lower one of the widget. */
window.cut = (root) => {
  const bar = root.querySelector(".cw-presenter:not([hidden])");
  const bottom = bar ? box(bar).top : box(root).bottom;
  const clips = (part) =>
    getComputedStyle(part).overflow !== "visible" &&
    !part.matches("select, input, svg") &&
    (part.scrollHeight > part.clientHeight + 1 || part.scrollWidth > part.clientWidth + 1);
  return parts(root, "*:not(.cw-screen, svg *)")
    .filter((part) => !apart(root, part) && box(part).height)
    .filter((part) => clips(part) || box(part).bottom > bottom + 1)
    .map(named);
};

/** Texts, images and controls that lie on one another, without those that are put there. */
window.overlapping = (root) => {
  const put = (part) => getComputedStyle(part).position === "absolute" && !part.matches(".cw-toggle");
  const leaves = parts(root, "*:not(svg *, option)")
    .filter((part) => part.matches("canvas, svg, select, input, button, progress") || speaks(part))
    .filter((part) => !apart(root, part) && !put(part) && !put(part.parentElement))
    .filter((part) => box(part).width && box(part).height);
  const over = (a, b) =>
    a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  const inText = (part) => getComputedStyle(part).display === "inline";
  return leaves.flatMap((a, i) =>
    leaves
      .slice(i + 1)
      .filter((b) => !a.contains(b) && !b.contains(a) && !(a.parentElement === b.parentElement && inText(a) && inText(b)) && over(box(a), box(b)))
      .map((b) => `${named(a)} | ${named(b)}`),
  );
};

/** Images that could be larger in the area that they have. */
window.small = (root) =>
  parts(root, ".cw-grow > .cw-area > .cw-frame")
    .filter((frame) => {
      const [image, area] = [box(frame), box(frame.parentElement)];
      return image.width < area.width - 2 && image.height < area.height - 2;
    })
    .map(named);

/** The share of the body that is for images, curves and an image's pixels as numbers; what lies on one counts once. */
window.share = (root) => {
  const boxes = parts(root, ".cw-body :is(.cw-grow > .cw-area, canvas, svg, .cw-sees, .cw-strip, .cw-cells)").map(box);
  const area = ({ width, height }) => width * height;
  const inside = (a, b) =>
    a.left >= b.left - 1 && a.right <= b.right + 1 && a.top >= b.top - 1 && a.bottom <= b.bottom + 1;
  const alone = boxes.filter(
    (a, i) => !boxes.some((b, k) => k !== i && (k < i || area(b) > area(a)) && inside(a, b)),
  );
  return alone.reduce((sum, each) => sum + area(each), 0) / area(box(root.querySelector(".cw-body")));
};
