// The page's data: JSON in the page, arrays as bytes, each decoded when it is first asked for.

const kinds = {
  u1: Uint8Array, i1: Int8Array, u2: Uint16Array, i2: Int16Array, i4: Int32Array,
  f4: Float32Array, f8: Float64Array, b1: Uint8Array,
};
const decoded = new WeakMap();

export function readPage() {
  const holder = document.getElementById("_data");
  return holder ? JSON.parse(holder.textContent) : null;
}

// All numbers of an array, the last index running fastest.
export function numbersOf(array) {
  if (!decoded.has(array)) {
    const text = atob(array.bytes);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
    decoded.set(array, new kinds[array.type](bytes.buffer));
  }
  return decoded.get(array);
}

// One line of an array of two dimensions or more.
export function lineOf(array, i) {
  const length = array.shape.slice(1).reduce((product, size) => product * size, 1);
  return numbersOf(array).subarray(i * length, (i + 1) * length);
}
