/** The colours of the sheet as mermaid can read them (#rrggbb), and the face. */
export interface Inks {
  dark: boolean;
  font: string;
  inset: string;
  lifted: string;
  board: string;
  ink: string;
  quiet: string;
  line: string;
  pencil: string;
  sets: readonly string[];
}

/** Reads the tokens where `element` stands. */
export function inksOf(element: Element, dark: boolean): Inks {
  const probe = document.createElement('span');
  probe.hidden = true;
  element.append(probe);
  const read = (token: string) => {
    probe.style.color = `var(${token})`;
    return hex(getComputedStyle(probe).color);
  };
  const inks: Inks = {
    dark,
    font: getComputedStyle(element).getPropertyValue('--sans').trim(),
    inset: read('--bg-inset'),
    lifted: read('--bg-2'),
    board: read('--bg-1'),
    ink: read('--fg-1'),
    quiet: read('--fg-2'),
    line: read('--line-3'),
    pencil: read('--pencil'),
    sets: ['--add-2', '--del-2', '--mark', '--line-2', '--add', '--del', '--line-1', '--bg-1'].map(read),
  };
  probe.remove();
  return inks;
}

/** Lets the browser compute a colour, whatever it is written in. */
function hex(colour: string): string {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (!canvas) return '#808080';
  canvas.fillStyle = colour;
  canvas.fillRect(0, 0, 1, 1);
  const [r = 0, g = 0, b = 0] = canvas.getImageData(0, 0, 1, 1).data;
  return `#${[r, g, b].map((n) => n.toString(16).padStart(2, '0')).join('')}`;
}

export function variables(inks: Inks): Record<string, string | boolean> {
  const { ink, quiet, line, lifted, board, inset, pencil, sets } = inks;
  const numbered = (name: string, from: number, many: readonly string[]) =>
    Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`${name}${i + from}`, many[i % many.length] ?? lifted]));
  return {
    darkMode: inks.dark,
    fontFamily: inks.font,
    fontSize: '14px',
    background: inset,
    primaryColor: lifted,
    primaryTextColor: ink,
    primaryBorderColor: quiet,
    secondaryColor: board,
    secondaryTextColor: ink,
    secondaryBorderColor: line,
    tertiaryColor: inset,
    tertiaryTextColor: ink,
    tertiaryBorderColor: line,
    lineColor: quiet,
    textColor: ink,
    titleColor: ink,
    mainBkg: lifted,
    nodeBorder: quiet,
    clusterBkg: board,
    clusterBorder: line,
    edgeLabelBackground: inset,
    actorBkg: lifted,
    actorBorder: quiet,
    actorTextColor: ink,
    actorLineColor: line,
    signalColor: quiet,
    signalTextColor: ink,
    labelBoxBkgColor: board,
    labelBoxBorderColor: line,
    labelTextColor: ink,
    loopTextColor: ink,
    noteBkgColor: board,
    noteBorderColor: line,
    noteTextColor: ink,
    activationBkgColor: board,
    activationBorderColor: quiet,
    sequenceNumberColor: inset,
    taskTextColor: ink,
    taskTextOutsideColor: ink,
    taskTextDarkColor: ink,
    taskTextLightColor: ink,
    taskBkgColor: lifted,
    taskBorderColor: quiet,
    activeTaskBkgColor: sets[2] ?? lifted,
    activeTaskBorderColor: quiet,
    doneTaskBkgColor: board,
    doneTaskBorderColor: line,
    critBkgColor: sets[1] ?? lifted,
    critBorderColor: quiet,
    todayLineColor: pencil,
    gridColor: line,
    sectionBkgColor: board,
    altSectionBkgColor: inset,
    sectionBkgColor2: board,
    relationColor: quiet,
    relationLabelColor: ink,
    relationLabelBackground: inset,
    attributeBackgroundColorOdd: lifted,
    attributeBackgroundColorEven: board,
    pieTitleTextColor: ink,
    pieSectionTextColor: ink,
    pieLegendTextColor: ink,
    pieStrokeColor: quiet,
    pieOuterStrokeColor: quiet,
    pieOpacity: '1',
    ...numbered('pie', 1, sets),
    ...numbered('cScale', 0, sets),
    ...numbered('cScaleLabel', 0, [ink]),
    ...numbered('git', 0, [pencil, quiet, line]),
    ...numbered('gitBranchLabel', 0, [inset]),
    commitLabelColor: ink,
    commitLabelBackground: board,
    tagLabelColor: ink,
    tagLabelBackground: lifted,
    tagLabelBorder: line,
    errorBkgColor: board,
    errorTextColor: ink,
  };
}
