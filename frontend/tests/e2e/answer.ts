/** A picture of one pixel. */
const pixel =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mP8z8BQz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC';

/** An answer with everything that Markdown can hold here, and with what it must not do. */
export const answer = `# How the schedule works

The fold $\\delta_u$ is the size of the step back, so $f(x) = \\frac{1}{2}x^2$ holds, and \\(a_b\\) too. It costs $5 and $6.

1. Read the **zone** and *then* the time:

   \`\`\`ts
   const zone: string = await read("Europe/Berlin"); // a comment
   - not a list
   \`\`\`

2. Walk forward
   - one nested *item*
   - another
     1. deeper
     2. still deeper
3. Stop

\`\`\`go
// Next returns the first instant after t at which s fires.
func (s Schedule) Next(t time.Time) time.Time {
	u := t.In(s.zone).Truncate(time.Minute).Add(time.Minute)
	for !s.match(u) || secondPass(u) {
		u = u.Add(time.Minute) // ${'and a very long remark '.repeat(8)}
	}
	return u
}
\`\`\`

Put formally:

$$
\\operatorname{next}(t) = \\min \\left\\{ u > t : \\int_0^1 \\sqrt{\\frac{\\ell(u)}{\\delta_u}}\\,du \\in S \\right\\}
$$

And in brackets:

\\[
\\sum_{k=0}^{n} \\binom{n}{k} = 2^n
\\]

| Night | Zone | Size | Runs |
|:------|:----:|-----:|-----:|
| 25 Oct 2026 | Europe/Berlin | 2 KB | 1,200 |
| 1 Nov 2026 | America/New_York | 10 KB | 30 |
| 28 Mar 2027 | \`Etc/UTC\` | 1.5 MB | 7 |

- [ ] write the *tests*
- [x] run them

\`\`\`mermaid
flowchart TD
  A[Read the zone] --> B{Is it folded?}
  B -->|yes| C[Take the first pass]
  B -->|no| D[Take it as it is]
  C --> E[Fire]
  D --> E
\`\`\`

> A quote with \`code\`.

See [the docs](https://example.com/docs) or [https://bank.example](https://evil.example/login), not [this](javascript:alert(1)).

![a cat](https://pictures.example/cat.png?q=secret) and ![a dot](${pixel})

\`\`\`mermaid
flowchart TD
  A -->
\`\`\`

\`\`\`nolang<script>
<img src=x onerror=alert(1)>
\`\`\`

A formula that is none: $\\frac{1$ and $\\href{javascript:alert(1)}{x}$.

\`\`\`python
def area(r: float) -> float:
    """The area of a circle."""
    return 3.14159 * r ** 2
\`\`\`

That is all of it.
`;
