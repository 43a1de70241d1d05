/** Where a row that is dragged would come to stand: the middles of the others decide. */
export function slotAt(y: number, middles: readonly number[], from: number): number {
  const above = middles.filter((m, i) => i !== from && m < y).length;
  return Math.min(above, middles.length - 1);
}

/** The ids with one of them moved. */
export function moved(ids: readonly string[], from: number, to: number): string[] {
  const order = [...ids];
  order.splice(to, 0, ...order.splice(from, 1));
  return order;
}
