/** What is asked of each page in the browser: a list of what is wrong with its layout. */
export const PAGE_FAULTS = `(() => {
  const faults = [];
  const root = document.documentElement;
  const name = (element) => element.tagName.toLowerCase() + (element.id ? '#' + element.id : '') +
    (element.className && element.className.baseVal === undefined ? '.' + element.className : '') +
    ' “' + element.textContent.trim().slice(0, 40) + '”';
  if (root.scrollWidth > innerWidth) faults.push('the page is ' + root.scrollWidth + ' wide');
  const isHidden = (element) => element.closest('.sheet') === null || getComputedStyle(element).clipPath !== 'none' ||
    (element.closest('thead') !== null && getComputedStyle(element.closest('thead')).position === 'absolute');
  for (const element of document.body.querySelectorAll('*:not(svg *)')) {
    const box = element.getBoundingClientRect();
    if (box.width === 0 || isHidden(element)) continue;
    if (element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0 && !(element instanceof SVGElement))
      faults.push(name(element) + ' overflows by ' + (element.scrollWidth - element.clientWidth));
    if (box.right > innerWidth + 1 || box.left < -1) faults.push(name(element) + ' leaves the page');
    const around = element.parentElement.getBoundingClientRect();
    if (box.right > around.right + 1.5 || box.left < around.left - 1.5) faults.push(name(element) + ' leaves its container');
  }
  for (const figure of document.querySelectorAll('figure')) {
    const shown = [...figure.querySelectorAll('svg')].filter((svg) => getComputedStyle(svg).display !== 'none');
    if (shown.length !== 1) faults.push(name(figure) + ' shows ' + shown.length + ' drawings');
    for (const svg of shown) {
      const box = svg.getBoundingClientRect();
      if (box.width < 200 || box.height < 10) faults.push('a drawing is ' + box.width + ' by ' + box.height);
      for (const shape of svg.querySelectorAll('text, path')) {
        const inner = shape.getBoundingClientRect();
        // The outline of a clipping is not drawn.
        if (inner.width === 0 && inner.height === 0) continue;
        if (inner.right > box.right + 1 || inner.left < box.left - 1 || inner.bottom > box.bottom + 1 || inner.top < box.top - 1)
          faults.push('a drawing is cut at “' + shape.textContent + '”');
        const fill = getComputedStyle(shape).fill;
        if (shape.tagName === 'text' && (fill === 'none' || fill === 'rgb(0, 0, 0)')) faults.push('a text of a drawing has no colour');
      }
    }
  }
  return faults;
})()`;
