package org.spiredoctor.registration;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads DNS names; refused is what a SPIRE server refuses, and what no X.509 client would match.
 */
final class DnsNames {
  // Underscores are in no host name, but SPIRE takes them, and so do clients.
  private static final Pattern LABEL = Pattern.compile("[a-zA-Z0-9_]([a-zA-Z0-9_-]*[a-zA-Z0-9_])?");
  private static final String WILDCARD = "*.";

  private DnsNames() {}

  static String parse(String text) throws WrongValue {
    String name = text.startsWith(WILDCARD) ? text.substring(WILDCARD.length()) : text;
    if (name.length() > 253) {
      throw wrong(text, "a name has at most 253 characters");
    }
    if (name.indexOf('*') >= 0) {
      throw wrong(text, "a wildcard is the first label, as *.example.org");
    }
    if (name.endsWith(".")) {
      throw wrong(text, "SPIRE takes no dot at the end");
    }
    for (String label : name.split("\\.", -1)) {
      checkLabel(text, label);
    }
    return text;
  }

  private static void checkLabel(String text, String label) throws WrongValue {
    if (label.isEmpty() || label.length() > 63) {
      throw wrong(text, "each label has 1 to 63 characters");
    }
    if (!LABEL.matcher(label).matches()) {
      throw wrong(text, "a label is of letters, digits and hyphens, with no hyphen at its ends");
    }
    if (label.startsWith("--", 2)) {
      throw wrong(text, "SPIRE takes no internationalized names");
    }
  }

  private static WrongValue wrong(String text, String right) {
    return new WrongValue(WrongValue.quote(text) + " is not a DNS name; " + right);
  }

  /** A name that a wildcard of the same list covers; SPIRE refuses both together. */
  static Optional<String> overlapping(List<String> names) {
    Set<String> all = new HashSet<>(names);
    return names.stream()
        .filter(name -> !name.startsWith(WILDCARD))
        .filter(name -> all.contains("*" + name.substring(Math.max(name.indexOf('.'), 0))))
        .findFirst();
  }
}
