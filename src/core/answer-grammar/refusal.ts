/** Recognizes texts in which a model declines to locate a photo. Only texts that name no place are tested. */

const REFUSAL =
  /\b(?:(?:un|not )able to|cannot|can['’]?t|could ?n['’]?o?t|(?:not |im)possible(?: to)?|difficult to|challenging to|hard to) (?:\w+ ){0,4}?(?:determine|identify|pinpoint|locate|geolocate|analy[sz]e|tell|say|provide|assist|help|know|view|see|process|specify|narrow|recogni[sz]e|infer|deduce)|\bi['’]?m sorry\b|\bsorry, (?:but )?i\b|\bas an ai\b|\b(?:not enough|insufficient|no) (?:\w+ ){0,3}?(?:information|clues?|details?|context|evidence|landmarks?)\b|\bnot (?:visually )?locali[sz]able\b|\bnot locatable\b|\b(?:unknown|undetermined|undeterminable|indeterminate)\b|\bif you (?:can|could) (?:describe|provide|share)|无法(?:确定|判断|识别)/iu;

export function isRefusal(text: string): boolean {
  return REFUSAL.test(text);
}
