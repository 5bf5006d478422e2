// A heat map as one small picture in a drawing: colours from dark (0) to bright (1) that colour-blind eyes can order.
import {draw} from './frame.mjs';

const CIVIDIS = ['00224e', '1a386f', '434e6c', '61656f', '7d7c78', '9b9476', 'bcae6c', 'dec958', 'fee838']
  .map(hex => [0, 2, 4].map(k => parseInt(hex.slice(k, k + 2), 16)));

export function heat({x, y, width, height, columns, rows}) {
  const canvas = Object.assign(document.createElement('canvas'), {width: columns, height: rows});
  const context = canvas.getContext('2d'), pixels = context.createImageData(columns, rows);
  const image = draw('image', {x, y, width, height, preserveAspectRatio: 'none'});
  // value(column, row) in [0, 1]; row 0 is the lowest
  const paint = value => {
    for (let row = 0; row < rows; row++) for (let column = 0; column < columns; column++) {
      const at = 8 * Math.min(1, Math.max(0, value(column, row))), low = Math.min(7, Math.floor(at)), part = at - low;
      const k = 4 * ((rows - 1 - row) * columns + column);
      for (let c = 0; c < 3; c++) pixels.data[k + c] = CIVIDIS[low][c] * (1 - part) + CIVIDIS[low + 1][c] * part;
      pixels.data[k + 3] = 255;
    }
    context.putImageData(pixels, 0, 0);
    image.setAttribute('href', canvas.toDataURL());
  };
  return {image, paint};
}

// The scale of the colours, from 0 to 1.
export function scale(x, y, width, low, high) {
  const {image, paint} = heat({x, y, width, height: 10, columns: 64, rows: 1});
  paint(column => column / 63);
  return [image, draw('text', {x: x - 5, y: y + 10, class: 'live-end live-small'}, low), draw('text', {x: x + width + 5, y: y + 10, class: 'live-small'}, high)];
}
