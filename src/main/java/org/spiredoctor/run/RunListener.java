package org.spiredoctor.run;

/** Is told what happens. */
public interface RunListener {
  /** A stage was reached. */
  void reached(String what);

  /** Something is begun, or takes its time. */
  void doing(String what);

  /** A line of the tests, as they wrote it. */
  void line(String untrusted);
}
