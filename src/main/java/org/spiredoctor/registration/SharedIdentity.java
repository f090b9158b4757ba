package org.spiredoctor.registration;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryOwner;

/**
 * What it means that several entries grant one SPIFFE ID. A server looks up the privileges of a
 * caller by its SPIFFE ID in all entries that grant it (SPIRE, {@code
 * pkg/server/api/middleware/authorization_opa.go}): one admin entry makes admins of all workloads
 * of that SPIFFE ID, those of other entries too.
 */
final class SharedIdentity {
  private static final int SHOWN = 3;

  /** Which SPIFFE IDs the user gives a right to. */
  private final Map<Privilege, Set<String>> privileged = new EnumMap<>(Privilege.class);

  /**
   * @param declared what the user declares
   */
  SharedIdentity(List<Declared> declared) {
    for (Privilege privilege : Privilege.values()) {
      privileged.put(
          privilege,
          declared.stream()
              .map(Declared::entry)
              .filter(privilege::isOf)
              .map(Entry::spiffeId)
              .collect(Collectors.toSet()));
    }
  }

  /** A right that a SPIFFE ID has at the server. */
  private enum Privilege {
    ADMIN("admin", "an admin entry", "full access to the server's API"),
    DOWNSTREAM("downstream", "a downstream entry", "an intermediate CA of the server");

    private final String field;
    private final String entry;
    private final String gives;

    Privilege(String field, String entry, String gives) {
      this.field = field;
      this.entry = entry;
      this.gives = gives;
    }

    boolean isOf(Entry one) {
      return switch (this) {
        case ADMIN -> one.settings().admin();
        case DOWNSTREAM -> one.downstream();
      };
    }
  }

  /** Why a SPIFFE ID is not given to other workloads; nothing when it may be. */
  Optional<String> objection(Entry to, List<Entry> others) {
    for (Privilege privilege : Privilege.values()) {
      Optional<Entry> other = others.stream().filter(privilege::isOf).findFirst();
      boolean said = privileged.getOrDefault(privilege, Set.of()).contains(to.spiffeId());
      if (other.isPresent() && !said) {
        return Optional.of(
            "every workload with the SPIFFE ID "
                + to.spiffeId()
                + " gets "
                + privilege.gives
                + ", since entry "
                + other.get().id()
                + " is "
                + privilege.field
                + ": declare "
                + privilege.field
                + ": true if that is meant");
      }
    }
    return Optional.empty();
  }

  /** What is said when workloads are given a SPIFFE ID that others have, too. */
  List<String> notes(Entry to, List<Entry> others) {
    if (to.forNodes()) {
      return List.of();
    }
    List<String> notes = new ArrayList<>();
    for (Entry other : others.subList(0, Math.min(SHOWN, others.size()))) {
      notes.add(to.spiffeId() + " is also granted by entry " + other.id() + " to " + toWhom(other));
    }
    if (others.size() > SHOWN) {
      notes.add(to.spiffeId() + " is granted by " + (others.size() - SHOWN) + " more entries");
    }
    for (Privilege privilege : Privilege.values()) {
      if (privilege.isOf(to) && others.stream().anyMatch(other -> !privilege.isOf(other))) {
        notes.add(
            "the workloads of these entries get "
                + privilege.gives
                + ", too: "
                + privilege.field
                + " holds for all workloads of a SPIFFE ID");
      }
    }
    return notes;
  }

  /** {@code namespace team-a (owner team-a)}. */
  private static String toWhom(Entry other) {
    List<String> namespaces = Ownership.namespaces(other).stream().sorted().toList();
    String owner =
        EntryOwner.of(other)
            .filter(one -> !one.equals(EntryOwner.NOBODY))
            .map(one -> " (owner " + one.name() + ")")
            .orElse("");
    return (namespaces.isEmpty() ? "other workloads" : "namespace " + String.join(", ", namespaces))
        + owner;
  }

  /** What an update does to the privileges of its workloads. */
  static List<String> privileges(Entry from, Entry to) {
    return Stream.of(Privilege.values())
        .filter(privilege -> privilege.isOf(from) != privilege.isOf(to))
        .map(
            privilege ->
                privilege.isOf(to)
                    ? "makes it " + privilege.entry + ": its workloads get " + privilege.gives
                    : "it is no longer "
                        + privilege.entry
                        + ": its workloads lose "
                        + privilege.gives)
        .toList();
  }
}
