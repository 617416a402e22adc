/** Characters that text of LaTeX says by a command, in every encoding of fonts. */
export const COMMANDS: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  '%': '\\%',
  _: '\\_',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '`': '\\textasciigrave{}',
  '"': "''",
  '‘': '\\textquoteleft{}',
  '’': "'",
  ʼ: "'",
  '“': '``',
  '”': "''",
  '‐': '-',
  '‑': '-',
  '‒': '--',
  '–': '--',
  '—': '---',
  '―': '---',
  '…': '\\ldots{}',
  '•': '\\textbullet{}',
  '§': '\\S{}',
  '¶': '\\P{}',
  '†': '\\dag{}',
  '‡': '\\ddag{}',
  '©': '\\textcopyright{}',
  '®': '\\textregistered{}',
  '™': '\\texttrademark{}',
  '€': '\\texteuro{}',
  '£': '\\pounds{}',
  '¥': '\\textyen{}',
  '¢': '\\textcent{}',
  '¤': '\\textcurrency{}',
  ƒ: '\\textflorin{}',
  '¦': '\\textbrokenbar{}',
  '¡': '\\textexclamdown{}',
  '¿': '\\textquestiondown{}',
  ª: '\\textordfeminine{}',
  º: '\\textordmasculine{}',
  '‰': '\\textperthousand{}',
  '№': '\\textnumero{}',
  '♪': '\\textmusicalnote{}',
  '´': '\\textasciiacute{}',
  '¨': '\\textasciidieresis{}',
  '¯': '\\textasciimacron{}',
  Æ: '\\AE{}',
  æ: '\\ae{}',
  Œ: '\\OE{}',
  œ: '\\oe{}',
  Ø: '\\O{}',
  ø: '\\o{}',
  Ł: '\\L{}',
  ł: '\\l{}',
  ß: '\\ss{}',
  ı: '\\i{}',
  ȷ: '\\j{}',
};

/** Letters and marks that only fonts of the encoding T1 have. */
export const IN_T1: Readonly<Record<string, string>> = {
  Đ: '\\DJ',
  đ: '\\dj',
  Ð: '\\DH',
  ð: '\\dh',
  Þ: '\\TH',
  þ: '\\th',
  Ŋ: '\\NG',
  ŋ: '\\ng',
  '„': '\\quotedblbase',
  '‚': '\\quotesinglbase',
  '«': '\\guillemotleft',
  '»': '\\guillemotright',
  '‹': '\\guilsinglleft',
  '›': '\\guilsinglright',
};

const of = (entries: readonly (readonly [string, string])[]): Readonly<Record<string, string>> =>
  Object.fromEntries(entries);

/** Each character of a text with what the name at its place gives. */
const each = (characters: string, names: string): readonly (readonly [string, string])[] =>
  names.split(' ').map((name, i) => [[...characters][i] ?? '', name] as const);

/** Greek letters that have a name; the others look like Latin ones. */
const NAMED = each(
  'αβγδεϵζηθϑικλμµνξπϖρϱςστυφϕχψωΓΔΘΛΞΠΣΥΦΨΩ',
  'alpha beta gamma delta varepsilon epsilon zeta eta theta vartheta iota kappa lambda mu mu nu xi pi varpi rho varrho varsigma sigma tau upsilon varphi phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega',
);
const LIKE_LATIN = each('ΑΒΕΖΗΙΚΜΝΟΡΤΧο', 'A B E Z H I K M N O P T X o');

/** Greek letters, which stand in mathematics. */
export const GREEK: Readonly<Record<string, string>> = of([
  ...NAMED.map(([letter, name]) => [letter, `\\${name}`] as const),
  ...LIKE_LATIN.map(([letter, like]) => [letter, `\\mathrm{${like}}`] as const),
]);

const SIGNS = each(
  '±∓×÷·⋅∙∘∗⋆★≤≥≪≫≠≈≡∼≃≅∝∈∋∉⊂⊃⊆⊇∪∩∖∅∀∃¬∧∨⊕⊖⊗⊘⊙⊥⊤⊢⊣⊨∥∣∠∂∇∑∏∫√∞ℓℏℜℑℵ→←↑↓↔↕⇒⇐⇑⇓⇔↦↗↘↙↖⟶⟵⟨⟩⌈⌉⌊⌋‖△▽◁▷◇♠♣♥♦♭♮♯',
  'pm mp times div cdot cdot cdot circ ast star star le ge ll gg ne approx equiv sim simeq cong propto in ni notin subset supset subseteq supseteq cup cap setminus emptyset forall exists neg wedge vee oplus ominus otimes oslash odot perp top vdash dashv models parallel mid angle partial nabla sum prod int surd infty ell hbar Re Im aleph to leftarrow uparrow downarrow leftrightarrow updownarrow Rightarrow Leftarrow Uparrow Downarrow Leftrightarrow mapsto nearrow searrow swarrow nwarrow longrightarrow longleftarrow langle rangle lceil rceil lfloor rfloor Vert triangle bigtriangledown triangleleft triangleright diamond spadesuit clubsuit heartsuit diamondsuit flat natural sharp',
);

/** Characters that stand in mathematics. */
export const MATHS: Readonly<Record<string, string>> = {
  ...GREEK,
  ...of(SIGNS.map(([sign, name]) => [sign, `\\${name}`] as const)),
  '−': '-',
  '°': '^{\\circ}',
  '℃': '^{\\circ}\\mathrm{C}',
  '′': '^{\\prime}',
  '″': '^{\\prime\\prime}',
  ...of(
    each('½⅓⅔¼¾⅕⅛', '1/2 1/3 2/3 1/4 3/4 1/5 1/8').map(([sign, parts]) => [
      sign,
      `\\frac{${parts.replace('/', '}{')}}`,
    ]),
  ),
  ...of(
    each('⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ', '0 1 2 3 4 5 6 7 8 9 + - = ( ) n i').map(([sign, raised]) => [
      sign,
      `^{${raised}}`,
    ]),
  ),
  ...of(
    each('₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₒₓᵢⱼₖₙₜ', '0 1 2 3 4 5 6 7 8 9 + - = ( ) a e o x i j k n t').map(
      ([sign, lowered]) => [sign, `_{${lowered}}`],
    ),
  ),
};
