package org.spiredoctor.bench;

import java.util.Locale;

/** What a table's numbers are. */
enum Unit {
  MILLISECONDS("ms"),
  MEBIBYTES("MiB");

  private final String symbol;

  Unit(String symbol) {
    this.symbol = symbol;
  }

  String symbol() {
    return symbol;
  }

  /** With about three digits that mean something. */
  static String number(double value) {
    int decimals = value < 10 ? 2 : value < 100 ? 1 : 0;
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }
}
