package org.spiredoctor.kube;

/**
 * Texts in which nothing secret was found, some of those that came lately: replicas of a pod say
 * the same thousands of times. What had a secret in it is never among them.
 */
final class Harmless {
  private static final int LONGEST = 256;

  /** A power of two. A text takes the place of another; threads that race only forget one. */
  private final String[] places = new String[8 * 1024];

  boolean knows(String text) {
    return text.equals(places[place(text)]);
  }

  void remember(String text) {
    if (text.length() <= LONGEST) {
      places[place(text)] = text;
    }
  }

  private int place(String text) {
    int hash = text.hashCode();
    return (hash ^ (hash >>> 16)) & (places.length - 1);
  }
}
