/** How a text is matched: as a regular expression, whole, or as a part in any case. */
export type TextMatch = { source: string; flags: string } | { text: string; exact: boolean }

/** One step from the elements found so far to the next ones, as in Playwright's locators. */
export type QueryStep =
  | { css: string; hasText?: TextMatch }
  | { role: string; name?: TextMatch }
  | { innermostText: TextMatch }
  | { label: TextMatch }
  | { nth: number }

/** Returns the match for an argument of `getByRole`, `getByText` or `hasText`. */
export function textMatch(text: string | RegExp, exact = false): TextMatch {
  return typeof text === 'string' ? { text, exact } : { source: text.source, flags: text.flags }
}

/** Finds elements. Runs in the page, so it stands on its own. */
export function findElements(steps: readonly QueryStep[]): Element[] {
  const roles: Record<string, string> = {
    button: 'button, summary, input[type=button], input[type=submit]',
    heading: 'h1, h2, h3, h4, h5, h6',
    link: 'a[href]',
    list: 'ul, ol',
    listitem: 'li',
    status: 'output',
    textbox: 'input:not([type]), input[type=text], input[type=password], textarea',
  }
  const normalize = (text: string): string => text.replace(/\s+/g, ' ').trim()
  const matches = (value: string, match: TextMatch): boolean => {
    if ('source' in match) return new RegExp(match.source, match.flags).test(normalize(value))
    if (match.exact) return normalize(value) === normalize(match.text)
    return normalize(value).toLowerCase().includes(normalize(match.text).toLowerCase())
  }
  const textOf = (element: Element): string =>
    /^(SCRIPT|STYLE|NOSCRIPT|TEMPLATE)$/.test(element.tagName) ? '' : (element.textContent ?? '')
  const nameOf = (element: Element): string => {
    const labels = (element.getAttribute('aria-labelledby') ?? '').split(' ').filter(Boolean)
    const label = labels.map((id) => document.getElementById(id)?.textContent ?? '').join(' ')
    const attributes = ['aria-label', 'alt', 'value', 'title', 'placeholder']
    const [named = ''] = attributes.map((name) => element.getAttribute(name)).filter(Boolean)
    if (label !== '') return label
    return element.getAttribute('aria-label') ?? (normalize(textOf(element)) || (named ?? ''))
  }
  const isExposed = (element: Element): boolean =>
    element.checkVisibility({ visibilityProperty: true }) && !element.closest('[aria-hidden=true]')
  const below = (scope: ParentNode, step: QueryStep): Element[] => {
    if ('css' in step) {
      const { css, hasText } = step
      const found = [...scope.querySelectorAll(css)]
      return hasText ? found.filter((element) => matches(textOf(element), hasText)) : found
    }
    if ('role' in step) {
      const { role, name } = step
      const implicit = roles[role] ? `${roles[role]}, ` : ''
      return [...scope.querySelectorAll(`${implicit}[role=${role}]`)].filter(
        (element) =>
          (element.getAttribute('role') ?? role) === role &&
          isExposed(element) &&
          (name === undefined || matches(nameOf(element), name)),
      )
    }
    if ('label' in step) {
      return [...scope.querySelectorAll('input, textarea, select, [aria-label]')].filter(
        (element) => {
          const labels = 'labels' in element ? [...((element.labels as NodeList | null) ?? [])] : []
          const texts = [nameOf(element), ...labels.map((label) => label.textContent ?? '')]
          return texts.some((text) => matches(text, step.label))
        },
      )
    }
    if ('innermostText' in step) {
      const fits = (element: Element): boolean => matches(textOf(element), step.innermostText)
      return [...scope.querySelectorAll('body *')].filter(
        (element) => fits(element) && ![...element.children].some(fits),
      )
    }
    return []
  }
  let found: Element[] | undefined
  for (const step of steps) {
    if ('nth' in step) {
      const element: Element | undefined = (found ?? []).at(step.nth)
      found = element ? [element] : []
    } else {
      const scopes: ParentNode[] = found ?? [document]
      found = [...new Set(scopes.flatMap((scope) => below(scope, step)))]
    }
  }
  return found ?? []
}
