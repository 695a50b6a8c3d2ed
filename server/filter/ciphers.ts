/** Letters thirteen places on; everything else stays. */
export function rot13(text: string): string {
  return mapped(text, (letter) => (letter + 13) % 26);
}

/** Letters counted from the other end of the alphabet. */
export function atbash(text: string): string {
  return mapped(text, (letter) => 25 - letter);
}

/** The text backwards, by UTF-16 units. */
export function reversedLetters(text: string): string {
  let reversed = "";
  for (let index = text.length - 1; index >= 0; index--) reversed += text[index];
  return reversed;
}

function mapped(text: string, to: (letter: number) => number): string {
  return text.replace(/[a-z]/gi, (char) => {
    const base = char <= "Z" ? 65 : 97;
    return String.fromCharCode(base + to(char.charCodeAt(0) - base));
  });
}
