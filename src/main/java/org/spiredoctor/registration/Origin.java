package org.spiredoctor.registration;

/**
 * Where something was declared.
 *
 * @param file its name as it was given; {@code -} for standard input; empty where no file was given
 * @param line counted from 1; 0 where it is not of a line
 */
public record Origin(String file, int line) {
  /** Of no file: the defaults, or planned by this program. */
  public static final Origin NONE = new Origin("", 0);

  /** {@code web.yaml:12}. */
  public String inWords() {
    String name = file.equals("-") ? "standard input" : file;
    return line == 0 ? name : name + ":" + line;
  }
}
