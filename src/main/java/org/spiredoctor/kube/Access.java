package org.spiredoctor.kube;

import java.util.Optional;

/**
 * Whether a service account may do something, as a SubjectAccessReview asks it.
 *
 * @param account {@code namespace:name}
 * @param group of the resource; empty for the core
 * @param resource with its subresource, such as {@code nodes/proxy}
 * @param namespace where; absent for the whole cluster
 * @param name of the one object; empty for all
 */
public record Access(
    String account,
    String verb,
    String group,
    String resource,
    Optional<String> namespace,
    String name) {

  /** Of the whole cluster. */
  public static Access everywhere(String account, String verb, String group, String resource) {
    return new Access(account, verb, group, resource, Optional.empty(), "");
  }

  /** As Kubernetes names the account. */
  public String user() {
    return "system:serviceaccount:" + account;
  }

  /** The namespace of the account. */
  String home() {
    return account.substring(0, Math.max(0, account.indexOf(':')));
  }

  /** {@code get nodes/proxy}. */
  public String inWords() {
    return verb
        + " "
        + resource
        + (group.isEmpty() ? "" : "." + group)
        + (name.isEmpty() ? "" : " " + name)
        + namespace.map(ns -> " in namespace " + ns).orElse("");
  }
}
