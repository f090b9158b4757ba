package org.spiredoctor.diagnosis;

import org.spiredoctor.kube.Redaction;

/**
 * One link of the path from the address to the identity.
 *
 * @param name such as {@code socket}
 * @param text what was seen of it
 */
public record Link(String name, State state, String text) {

  /** Without secrets. */
  public Link {
    text = Redaction.text(text);
  }

  /** Whether a link holds. */
  public enum State {
    HOLDS,
    BROKEN,
    /** Not reached, because an earlier link is broken, or not to be seen from here. */
    UNSEEN
  }
}
