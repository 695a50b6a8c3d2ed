/**
 * Letters beyond ASCII that look like a Latin one: groups of the Latin letter and its look-alikes. From Unicode's table of confusables (UTS 39,
 * revision 10.0; Unicode License v3): single letters of the Basic Multilingual Plane whose skeleton is one ASCII letter and that NFKC leaves alone,
 * without right-to-left and unspaced scripts; the Cyrillic and Greek letters that attackers use beside them were added by hand.
 */
const GROUPS =
  "AΑАᎪᗅꓮ BΒВвᏴᗷꓐꞴ CСᏟⲤꓚ DᎠᗞᗪꓓ EΕЕᎬⴹꓰ FϜᖴꓝꞘ GԌᏀᏳꓖ HΗНнᎻᕼⲎꓧ IƖΙІӀᛁⲒꓲ JͿЈᎫᒍꓙꞲ KΚКᏦᛕⲔꓗ LᏞᒪⳐꓡ MΜϺМмᎷᗰᛖⲘꓟ NΝⲚꓠ OΟОՕଠⲞⵔꓳ " +
  "PΡРᏢᑭⲢꓑ QԚⵕ RƦᎡᏒᖇꓣ SЅՏᏕᏚꓢ TΤТтᎢⲦꓔ UՍᑌꓴ VѴᏙᐯⴸꓦ WԜᎳᏔꓪ XΧХᚷⲬⵝꓫꞳ YΥУҮᎩᎽⲨꓬ ZΖᏃꓜ aɑαа bƄЬᏏᖯ cϲсᴄⲥꮯ dԁᏧᑯꓒ eεеҽꬲ fքẝꞙꬵ gƍɡցᶃ " +
  "hһհᏂ iıɩɪιіᎥꙇꭵ jϳј kκк lǀӏⵏ nпոռ oοσоօഠဝჿᴏᴑⲟꬽ pρрⲣ qԛգզ rгᴦⲅꭇꭈꮁ sƽѕꜱꮪ tτ uʋυսᴜꞟꭎꭒ vνѵᴠꮩ wɯωѡԝաᴡꮃ xχхᕁᕽ yɣʏγуүყᶌỿꭚ zᴢꮓ ";

const lookAlikes = new Uint16Array(0xac00);
for (const group of GROUPS.trim().split(" ")) {
  const [latin = "", ...letters] = group;
  for (const letter of letters) lookAlikes[letter.charCodeAt(0)] = latin.charCodeAt(0);
}

/** The Latin letter (UTF-16 unit) that a letter of another script looks like; 0 where there is none. */
export function lookAlike(unit: number): number {
  return lookAlikes[unit] ?? 0;
}
