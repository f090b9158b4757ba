package org.spiredoctor.kube;

/** What an API server refuses. */
public final class Refused {
  private Refused() {}

  /** For a reason. */
  public static KubeException because(KubeException.Reason reason) {
    return new KubeException(reason, "ask", "refused");
  }
}
