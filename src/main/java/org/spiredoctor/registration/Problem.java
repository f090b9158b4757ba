package org.spiredoctor.registration;

/**
 * Why what is declared cannot be made true.
 *
 * @param field its path in the document, such as {@code entries[2].selectors[0]}; empty for the
 *     whole of it
 * @param text what is wrong, and what would be right
 */
public record Problem(Origin origin, String field, String text) {

  /** {@code web.yaml:12: entries[2].selectors[0]: …}. */
  public String inWords() {
    String where = origin.inWords();
    return (where.isEmpty() ? "" : where + ": ") + (field.isEmpty() ? "" : field + ": ") + text;
  }
}
