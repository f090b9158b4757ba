package org.spiredoctor.kube;

/** Hides what is in an element of XML with a secret's name: {@code <password>x</password>}. */
final class XmlElements {
  private static final String CLOSING = "</";

  /** Of a name's prefix, and of a tag's attributes. */
  private static final int LONGEST_TAG = 128;

  private static final int LONGEST_CONTENT = 1024;

  private final ValueText value;
  private final String text;

  /** Where the next closing tag is; each is looked for only once, so that the time is linear. */
  private int closing = -1;

  XmlElements(ValueText value) {
    this.value = value;
    this.text = value.text();
  }

  /** Whether a name begins an element, with a prefix or without. */
  boolean isTag(int name) {
    int at = name - 1;
    if (at > 0 && text.charAt(at) == ':') {
      at--;
      while (at > 0 && at > name - LONGEST_TAG && Chars.isKeyChar(text.charAt(at))) {
        at--;
      }
    }
    return at >= 0 && text.charAt(at) == '<';
  }

  /** What is behind the rest of a tag, up to what closes an element; where to go on. */
  int content(int tag) {
    int from = tag;
    int limit = Math.min(text.length(), tag + LONGEST_TAG);
    while (from < limit && text.charAt(from) != '>' && text.charAt(from) != '<') {
      from++;
    }
    if (from >= limit || text.charAt(from) != '>' || text.charAt(from - 1) == '/') {
      return tag;
    }
    from++;
    if (closing < from) {
      int next = text.indexOf(CLOSING, from);
      closing = next < 0 ? text.length() : next;
    }
    if (closing >= Math.min(text.length(), from + LONGEST_CONTENT)) {
      return tag;
    }
    value.hide(from, closing);
    return closing;
  }
}
