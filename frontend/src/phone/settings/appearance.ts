/** Language and colours; both are kept on this phone. */

import { msg } from "../../core/language.ts";
import { say } from "../../dom/say.ts";
import { languageChoice } from "../frame/language_choice.ts";
import { chooseTheme, chosenTheme, THEMES, type Theme } from "../frame/theme.ts";
import type { Part } from "../screens/settings.ts";
import { card, choices } from "./card.ts";

const WORDS: Readonly<Record<Theme, string>> = {
  system: msg("As the phone is set"),
  light: msg("Light"),
  dark: msg("Dark"),
};

export const appearance: Part = ({ state }) => {
  const offered = THEMES.map((value) => ({ value, words: say(WORDS[value]) }));
  const choose = (value: string) => chooseTheme(value as Theme);
  return card(
    msg("Language and colours"),
    languageChoice(state),
    choices(msg("Colours"), "theme", offered, chosenTheme(), choose),
  );
};
