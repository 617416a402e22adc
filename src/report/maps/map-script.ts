import { createHash } from 'node:crypto';

/**
 * Shows the drawing under the pointer, or where the arrow keys lead, in maps of the page; and makes labels of the legend
 * buttons that show theirs alone. Without it the maps are pictures.
 */
export const MAP_SCRIPT = `
for (const figure of document.querySelectorAll('figure.map')) {
  const names = JSON.parse(figure.dataset.names);
  const columns = Number(figure.dataset.columns);
  const legend = [...figure.querySelectorAll('.legend li')];
  const labels = legend.map((item) => item.textContent.trim());
  const seen = figure.querySelector('.seen');
  const reach = 90;
  let only = -1;
  let current = -1;
  const panels = [...figure.querySelectorAll('.panel')].map((panel) => {
    const svg = panel.querySelector('svg');
    const [x, y, label] = [[], [], []];
    for (const path of svg.querySelectorAll('path')) {
      for (const [, a, b] of path.getAttribute('d').matchAll(/M(\\d+) (\\d+)/g)) {
        x.push(Number(a));
        y.push(Number(b));
        label.push(Number(path.dataset.label));
      }
    }
    const mark = document.createElementNS('http://www.w3.org/2000/svg', 'circle');
    mark.setAttribute('class', 'mark');
    mark.setAttribute('r', 30);
    mark.setAttribute('visibility', 'hidden');
    svg.append(mark);
    const drawing = document.createElement('div');
    drawing.className = 'drawing';
    drawing.hidden = true;
    drawing.innerHTML = '<div></div><p></p>';
    drawing.firstChild.className = figure.dataset.sprite;
    panel.append(drawing);
    return { panel, svg, x, y, label, mark, drawing };
  });
  const shown = (dot, { label }) => only < 0 || label[dot] === only;
  const hide = () => {
    current = -1;
    for (const { mark, drawing } of panels) {
      mark.setAttribute('visibility', 'hidden');
      drawing.hidden = true;
    }
  };
  const show = (dot, at) => {
    if (dot < 0) return hide();
    current = dot;
    for (const one of panels) {
      one.mark.setAttribute('cx', one.x[dot]);
      one.mark.setAttribute('cy', one.y[dot]);
      one.mark.setAttribute('visibility', 'visible');
      one.drawing.hidden = one !== at;
    }
    const { drawing, svg, x, y, label } = at;
    const side = 96;
    const tile = drawing.firstChild.style;
    tile.backgroundSize = columns * side + 'px auto';
    tile.backgroundPosition = -(dot % columns) * side + 'px ' + -Math.floor(dot / columns) * side + 'px';
    const told = names[dot] + ', ' + labels[label[dot]];
    drawing.lastChild.textContent = told;
    seen.textContent = told;
    const scale = svg.clientWidth / 2000;
    const [left, top] = [x[dot] * scale, y[dot] * scale];
    const [width, height] = [drawing.offsetWidth, drawing.offsetHeight];
    const beside = left + 14 + width > svg.clientWidth ? left - 14 - width : left + 14;
    drawing.style.left = Math.max(0, beside) + 'px';
    drawing.style.top = Math.max(0, Math.min(svg.clientHeight - height, top - height / 2)) + 'px';
  };
  const nearest = (one, px, py) => {
    let [best, least] = [-1, reach * reach];
    for (let dot = 0; dot < one.x.length; dot++) {
      const square = (one.x[dot] - px) ** 2 + (one.y[dot] - py) ** 2;
      if (square < least && shown(dot, one)) [best, least] = [dot, square];
    }
    return best;
  };
  const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const towards = (one, [dx, dy]) => {
    let [best, least] = [current, Infinity];
    for (let dot = 0; dot < one.x.length; dot++) {
      if (dot === current || !shown(dot, one)) continue;
      const [a, b] = [one.x[dot] - one.x[current], one.y[dot] - one.y[current]];
      const along = a * dx + b * dy;
      const aside = Math.abs(a * dy) + Math.abs(b * dx);
      if (along > 0 && aside <= along && along + aside < least) [best, least] = [dot, along + aside];
    }
    return best;
  };
  const first = (one) => one.x.findIndex((_, dot) => shown(dot, one));
  for (const one of panels) {
    const { panel, svg } = one;
    panel.tabIndex = 0;
    panel.setAttribute('role', 'application');
    panel.setAttribute('aria-label', svg.getAttribute('aria-label') + '. Arrow keys go from image to image.');
    const point = (event) => {
      const box = svg.getBoundingClientRect();
      const scale = 2000 / box.width;
      show(nearest(one, (event.clientX - box.left) * scale, (event.clientY - box.top) * scale), one);
    };
    svg.addEventListener('pointermove', point);
    svg.addEventListener('pointerdown', point);
    panel.addEventListener('pointerleave', (event) => {
      if (event.pointerType === 'mouse' && document.activeElement !== panel) hide();
    });
    panel.addEventListener('focus', () => {
      if (panel.matches(':focus-visible')) show(current < 0 ? first(one) : current, one);
    });
    panel.addEventListener('blur', hide);
    panel.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') return hide();
      const way = ways[event.key];
      if (!way) return;
      event.preventDefault();
      show(current < 0 ? first(one) : towards(one, way), one);
    });
  }
  const buttons = legend.map((item, series) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.setAttribute('aria-pressed', 'false');
    button.append(...item.childNodes);
    item.append(button);
    button.addEventListener('click', () => {
      only = only === series ? -1 : series;
      hide();
      buttons.forEach((other, i) => other.setAttribute('aria-pressed', String(i === only)));
      for (const path of figure.querySelectorAll('path')) {
        path.classList.toggle('faded', only >= 0 && Number(path.dataset.label) !== only);
      }
    });
    return button;
  });
}
`;

/** What a policy for content says of the script: it may run, and no other. */
export const MAP_SCRIPT_SOURCE = `'sha256-${createHash('sha256').update(MAP_SCRIPT).digest('base64')}'`;
