package org.spiredoctor.identity;

import java.util.Set;

/**
 * A selector, as {@code k8s:ns:apps}.
 *
 * @param type the attestor's name, such as {@code k8s}
 * @param value the rest; it may hold colons
 */
public record Selector(String type, String value) implements Comparable<Selector> {
  /** Those whose value begins with a key: that of a label, the kind of an owner. */
  private static final Set<String> KEYED =
      Set.of(
          "pod-label",
          "ns-label",
          "pod-owner",
          "pod-owner-uid",
          "agent_node_label",
          "agent_pod_label");

  /** Of {@code type:value}. */
  public static Selector parse(String text) {
    int colon = text.indexOf(':');
    return colon < 0
        ? new Selector(text, "")
        : new Selector(text.substring(0, colon), text.substring(colon + 1));
  }

  /** One that the k8s workload attestor makes. */
  public static Selector k8s(String value) {
    return new Selector("k8s", value);
  }

  /** The first word of its value: {@code pod-label} of {@code k8s:pod-label:app:web}. */
  public String name() {
    int end = value.indexOf(':');
    return end < 0 ? value : value.substring(0, end);
  }

  /**
   * What it speaks of: {@code k8s:ns}, {@code k8s:pod-label:app}. Two selectors of one subject
   * differ in their value only.
   */
  public String subject() {
    int end = value.indexOf(':');
    if (end >= 0 && KEYED.contains(value.substring(0, end))) {
      end = value.indexOf(':', end + 1);
    }
    return type + ':' + (end < 0 ? value : value.substring(0, end));
  }

  /** Whether it is for one pod, which it names by its UID. */
  public boolean namesPod() {
    return subject().equals("k8s:pod-uid");
  }

  /** What it says of its subject. */
  public String object() {
    String text = toString();
    int length = subject().length();
    return length < text.length() ? text.substring(length + 1) : "";
  }

  @Override
  public int compareTo(Selector other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return type + ':' + value;
  }
}
