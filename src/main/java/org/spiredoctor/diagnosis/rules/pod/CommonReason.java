package org.spiredoctor.diagnosis.rules.pod;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spiredoctor.kube.Pod;

/**
 * Why pods do not run, in words that are the same for all of them: messages are full of what each
 * pod has of its own, as names, hashes and times.
 */
final class CommonReason {
  /** More words are no reason. */
  private static final int MOST_WORDS = 10;

  /** What the kubelet says of objects by their names. */
  private static final List<Form> OBJECTS =
      List.of(
          new Form(
              "(?i)\\b(secret|configmap|persistentvolumeclaim|serviceaccount) \"([^\"]{1,253})\""
                  + " not found",
              "$1 $2 is missing"),
          new Form(
              "couldn't find key (\\S{1,253}) in (Secret|ConfigMap) (\\S{1,507})",
              "key $1 is missing in $2 $3"),
          new Form(
              "references non-existent (secret|config) key: (\\S{1,253})", "$1 key $2 is missing"),
          new Form(
              "driver name (\\S{1,253}) not found in the list of registered CSI drivers",
              "CSI driver $1 is not registered"));

  /** Quoted names, and details in brackets. */
  private static final Pattern DETAIL =
      Pattern.compile("\"[^\"]*+\"|\\([^()]*+\\)|\\[[^\\[\\]]*+]");

  private static final Pattern WORD =
      Pattern.compile("(?:i/o|EOF|[1-5]\\d\\d|[A-Za-z][A-Za-z'-]*+)[.,;]?");

  private CommonReason() {}

  /** The same in short. */
  private record Form(Pattern said, String inShort) {
    Form(String said, String inShort) {
      this(Pattern.compile(said), inShort);
    }

    Optional<String> in(String message) {
      Matcher found = said.matcher(message);
      return found.find()
          ? Optional.of(said.matcher(found.group()).replaceFirst(inShort))
          : Optional.empty();
    }
  }

  /** {@code CreateContainerConfigError: secret db is missing}. */
  static String of(String reason, String message, Pod pod) {
    String words = words(message, pod);
    return words.isEmpty() ? reason : reason + ": " + words;
  }

  /** What a message says, without names but of objects that are missing; empty if nothing. */
  static String words(String message, Pod pod) {
    return OBJECTS.stream()
        .flatMap(form -> form.in(message).stream())
        .findFirst()
        .map(text -> withoutItsName(text, pod))
        .orElseGet(() -> lastWords(message, pod));
  }

  /** Pods of a StatefulSet have objects of their own, which are called after them. */
  static String withoutItsName(String text, Pod pod) {
    return pod.meta().owners().isEmpty() ? text : text.replace(pod.meta().name(), "<pod>");
  }

  /**
   * The innermost error comes last; one word alone may be a name, but for what Go says of an end.
   */
  private static String lastWords(String message, Pod pod) {
    List<String> parts =
        Arrays.stream(DETAIL.matcher(message).replaceAll(" ").split("[:=] "))
            .map(part -> plainWords(part, pod))
            .filter(words -> words.contains(" ") || words.equals("EOF"))
            .toList();
    return parts.isEmpty() ? "" : parts.getLast();
  }

  private static String plainWords(String text, Pod pod) {
    return String.join(
        " ",
        Arrays.stream(text.strip().split("\\s+"))
            .filter(word -> WORD.matcher(word).matches())
            .filter(word -> !word.equals(pod.meta().name()) && !word.equals(pod.node()))
            .limit(MOST_WORDS)
            .toList());
  }
}
