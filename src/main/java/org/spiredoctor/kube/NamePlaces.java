package org.spiredoctor.kube;

import java.util.List;
import org.spiredoctor.kube.SecretValues.Place;

/** Where names stand in a text. */
final class NamePlaces {
  private static final int LONGEST_PEEK = 64;

  private static final String EXPORT = "export";

  /** The types of the selectors of nodes, which hold no secret. */
  static final List<String> NODE_TYPES =
      List.of(
          "aws_iid:",
          "gcp_iit:",
          "azure_msi:",
          "azure_imds:",
          "k8s_psat:",
          "k8s_sat:",
          "x509pop:",
          "sshpop:",
          "tpm_devid:",
          "tpm:",
          "http_challenge:");

  private final String text;

  NamePlaces(String text) {
    this.text = text;
  }

  Place place(int from, boolean quoted) {
    if (quoted) {
      return Place.QUOTED;
    }
    if (beginsLine(from)) {
      return Place.LINE;
    }
    return isEscape(from, "nr") ? Place.ESCAPED_LINE : Place.WITHIN;
  }

  /** Whether its first letter is one of these behind a backslash, as of a line end in writing. */
  boolean isEscape(int from, String letters) {
    return from > 0 && text.charAt(from - 1) == '\\' && letters.indexOf(text.charAt(from)) >= 0;
  }

  /** Whether it is a parameter of an address. */
  boolean isParameter(int from) {
    return from > 0 && (text.charAt(from - 1) == '?' || text.charAt(from - 1) == '&');
  }

  /** {@code pod-label:token:web} says which label, {@code aws_iid:tag:secret:web} which tag. */
  boolean isSelector(int from) {
    if (text.startsWith("label:", from - "label:".length())) {
      return true;
    }
    int begin = from;
    while (begin > 0 && from - begin < LONGEST_PEEK && isSelectorChar(text.charAt(begin - 1))) {
      begin--;
    }
    int first = begin;
    return NODE_TYPES.stream().anyMatch(type -> text.startsWith(type, first));
  }

  private static boolean isSelectorChar(char c) {
    return Chars.isKeyChar(c) || c == ':' || c == '/';
  }

  boolean followsProse(int from) {
    return from > 2
        && text.charAt(from - 1) == ' '
        && Character.isLetter(text.charAt(from - 2))
        && !beginsLine(from);
  }

  /** Whether the name is the first in its line, but for a list's hyphen or {@code export}. */
  private boolean beginsLine(int from) {
    int at = from - 1;
    while (at >= 0
        && from - at < LONGEST_PEEK
        && (Chars.isBlank(text.charAt(at)) || text.charAt(at) == '-')) {
      at--;
    }
    if (at >= 5 && text.startsWith(EXPORT, at - 5)) {
      at -= 6;
    }
    return at < 0 || Chars.isLineEnd(text.charAt(at));
  }
}
