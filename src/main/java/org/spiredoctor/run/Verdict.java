package org.spiredoctor.run;

import java.util.Optional;

/** How a run ended. */
public sealed interface Verdict {

  /**
   * The tests ran to their end.
   *
   * @param code their exit code
   * @param reason of the kubelet, where it was not merely an exit: {@code OOMKilled}
   * @param lost why the log may lack its end; absent when it was read whole
   */
  record Tested(int code, Optional<String> reason, Optional<String> lost) implements Verdict {}

  /**
   * The environment failed them.
   *
   * @param stage what was being done
   * @param why in one sentence or more; it quotes what is untrusted
   * @param container that failed, where it was one
   * @param lastWords of it, untrusted
   * @param hint what may help; empty when the diagnosis has to tell
   * @param made whether there is a pod to examine
   */
  record Broken(
      String stage,
      String why,
      Optional<String> container,
      String lastWords,
      String hint,
      boolean made)
      implements Verdict {}
}
