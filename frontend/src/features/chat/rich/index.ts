import Diagram from './Diagram.svelte';
import Formula from './Formula.svelte';
import Table from './Table.svelte';

export { calledOf } from '../../../code/names';
export { code, dress, growing } from './leaf';

/** What shows a block of a kind when it is closed. Of code these are diagrams. */
export const parts = { table: Table, math: Formula, code: Diagram };
