// Runs in a page: every visible text whose contrast with what is behind it is below AA.
(() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return { r, g, b, a: a / 255 };
  };
  const light = ({ r, g, b }) => {
    const [x, y, z] = [r, g, b].map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = rgba(getComputedStyle(at).backgroundColor);
      if (color.a > 0.99) return color;
    }
    return rgba('Canvas');
  };
  const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
  const poor = [];
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.nodeValue.trim() !== '');
    if (!own || !element.checkVisibility() || element.closest('.hidden, .skip, .toast, svg, option'))
      continue;
    const style = getComputedStyle(element);
    const found = ratio(rgba(style.color), behind(element));
    const large = Number.parseFloat(style.fontSize) >= 24;
    if (found < (large ? 3 : 4.5))
      poor.push(
        `${element.tagName}.${element.className} ${found.toFixed(2)}: ${element.textContent.trim().slice(0, 40)}`,
      );
  }
  return poor;
})();
