package org.spiredoctor.diagnosis.rules.pod;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the PodSecurity admission of Kubernetes has against a pod. It names everything at once, but
 * nobody reads to the end of the message.
 *
 * @param level {@code baseline} or {@code restricted}
 */
record PodSecurity(String level, List<Violation> violations) {
  private static final Pattern HEAD =
      Pattern.compile("violates PodSecurity \"(baseline|restricted):[\\w.-]{1,30}\": ");

  private static final Pattern QUOTED = Pattern.compile("\"([^\"]*+)\"");

  /**
   * One reason.
   *
   * @param name as of Kubernetes, such as {@code runAsNonRoot != true}; untrusted
   * @param detail who violates it, and how; empty where it is not said; untrusted
   */
  record Violation(String name, String detail) {
    /** Whether it is about volumes of the node. */
    boolean isHostPath() {
      return name.equals("hostPath volumes")
          || (name.equals("restricted volume types") && detail.contains("\"hostPath\""));
    }

    /** The volumes, which are named before their types. */
    private List<String> volumes() {
      return QUOTED
          .matcher(detail.replaceFirst(" uses? restricted volume type.*", ""))
          .results()
          .map(found -> found.group(1))
          .toList();
    }
  }

  /** Of the message of an event; absent where it is not PodSecurity's. */
  static Optional<PodSecurity> parse(String message) {
    Matcher head = HEAD.matcher(message);
    return head.find()
        ? Optional.of(new PodSecurity(head.group(1), split(message.substring(head.end()))))
        : Optional.empty();
  }

  /** {@code NAME (DETAIL), NAME (DETAIL)}; a detail may have commas and parentheses of its own. */
  private static List<Violation> split(String text) {
    List<Violation> all = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i <= text.length(); i++) {
      char c = i == text.length() ? ',' : text.charAt(i);
      if (c == '(') {
        depth++;
      } else if (c == ')') {
        depth--;
      } else if (c == ',' && (depth <= 0 || i == text.length())) {
        String one = text.substring(from, i).strip();
        int detail = one.indexOf(" (");
        if (!one.isEmpty()) {
          all.add(
              detail < 0
                  ? new Violation(one, "")
                  : new Violation(
                      one.substring(0, detail),
                      one.substring(detail + 2).replaceFirst("\\)$", "")));
        }
        from = i + 1;
      }
    }
    return List.copyOf(all);
  }

  /** What would still be forbidden without the volumes of the node. */
  List<Violation> others() {
    return violations.stream().filter(one -> !one.isHostPath()).toList();
  }

  /** The volumes of the node, by their names. */
  List<String> hostPaths() {
    return violations.stream()
        .filter(Violation::isHostPath)
        .flatMap(one -> one.volumes().stream())
        .toList();
  }
}
