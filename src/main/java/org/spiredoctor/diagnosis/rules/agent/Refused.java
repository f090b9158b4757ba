package org.spiredoctor.diagnosis.rules.agent;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Finding.Quote;
import org.spiredoctor.diagnosis.Grants;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Remedy;

/** Kubernetes refuses to make its pod. */
record Refused(String message) implements Absence {
  private static final Pattern NO_ACCOUNT =
      Pattern.compile(
          "looking up service account ([\\w.-]{1,253})/([\\w.-]{1,253}): .{0,500}not found");

  @Override
  public String inWords(NodePods which) {
    Matcher account = NO_ACCOUNT.matcher(message);
    return account.find()
        ? ": its service account " + account.group(1) + "/" + account.group(2) + " does not exist"
        : ": Kubernetes refuses to make its pod";
  }

  @Override
  public List<Quote> quotes(NodePods which) {
    return List.of(new Quote("event of the DaemonSet", message));
  }

  @Override
  public Confidence confidence() {
    return Confidence.LIKELY;
  }

  @Override
  public List<Remedy> remedies(NodePods which, String node) {
    Matcher account = NO_ACCOUNT.matcher(message);
    if (account.find()) {
      return Grants.to(
          which.spire(),
          List.of(
              new Remedy.Command(
                  "Make the service account that its pods are to have; what was bound to its name"
                      + " holds again",
                  Kubectl.command(
                      "create", "serviceaccount", "-n", account.group(1), account.group(2)))));
    }
    return message.contains("PodSecurity")
        ? List.of(
            Grants.to(
                which.spire(),
                new Remedy.Command(
                    "Allow the namespace of " + which.name() + " what they need, such as hostPath",
                    Kubectl.command(
                        "label",
                        "namespace",
                        "--overwrite",
                        which.namespace(),
                        "pod-security.kubernetes.io/enforce=privileged"))))
        : Unexplained.look(which);
  }
}
