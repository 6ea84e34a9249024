/** How the console looks, on this computer. */

import { text } from '../../text.ts'
import { Segments } from '../../ui/choice.tsx'
import { themes, useTheme } from '../../ui/theme.ts'
import { Card, Row, SectionHead } from './section.tsx'

const words = text.settings.appearance

export function Appearance() {
  const [theme, setTheme] = useTheme()
  return (
    <>
      <SectionHead title={words.title} />
      <Card>
        <Row label={words.theme} help={words.themeHelp}>
          <Segments
            label={words.theme}
            value={theme}
            onChange={setTheme}
            options={themes.map((value) => ({ value, label: text.theme[value] }))}
          />
        </Row>
      </Card>
    </>
  )
}
