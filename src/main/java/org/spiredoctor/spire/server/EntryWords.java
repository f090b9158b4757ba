package org.spiredoctor.spire.server;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.spiredoctor.identity.Entry;

/**
 * An entry as the words of {@code spire-server entry create} and {@code entry update}. What is not
 * said is set to its default, by an update too, so that all is said that is not the default.
 */
public final class EntryWords {
  private final List<String> words = new ArrayList<>();

  private EntryWords(String... first) {
    words.addAll(List.of(first));
  }

  /** Makes it. */
  public static List<String> create(Entry entry) {
    EntryWords flags = new EntryWords("entry", "create");
    if (entry.forNodes()) {
      flags.words.add("-node");
    }
    flags.add("-spiffeID", entry.spiffeId());
    if (!entry.forNodes()) {
      flags.add("-parentID", entry.parentId());
    }
    return flags.rest(entry);
  }

  /** Makes the entry of its id what it is. */
  public static List<String> update(Entry entry) {
    EntryWords flags = new EntryWords("entry", "update");
    flags.add("-entryID", entry.id());
    flags.add("-spiffeID", entry.spiffeId());
    flags.add("-parentID", entry.parentId());
    // Where one of the two is said, the program keeps the other as it is.
    Entry.Settings settings = entry.settings();
    if (settings.jwtSvidIncludeJti() && !settings.disableX509SvidPrefetch()) {
      flags.words.add("-disableX509SVIDPrefetch=false");
    } else if (settings.disableX509SvidPrefetch() && !settings.jwtSvidIncludeJti()) {
      flags.words.add("-jwtSVIDIncludeJTI=false");
    }
    return flags.rest(entry);
  }

  private List<String> rest(Entry entry) {
    Entry.Settings settings = entry.settings();
    new TreeSet<>(entry.selectors()).forEach(s -> add("-selector", s.toString()));
    entry.federatesWith().forEach(domain -> add("-federatesWith", domain));
    settings.dnsNames().forEach(name -> add("-dns", name));
    add("-x509SVIDTTL", settings.x509SvidTtl());
    add("-jwtSVIDTTL", settings.jwtSvidTtl());
    if (!entry.hint().isEmpty()) {
      add("-hint", entry.hint());
    }
    add("-admin", settings.admin());
    add("-downstream", entry.downstream());
    add("-storeSVID", entry.storeSvid());
    add("-jwtSVIDIncludeJTI", settings.jwtSvidIncludeJti());
    add("-disableX509SVIDPrefetch", settings.disableX509SvidPrefetch());
    entry.expiresAt().ifPresent(end -> add("-entryExpiry", String.valueOf(end.getEpochSecond())));
    return List.copyOf(words);
  }

  private void add(String flag, String value) {
    words.add(flag);
    words.add(value);
  }

  private void add(String flag, int value) {
    if (value != 0) {
      add(flag, String.valueOf(value));
    }
  }

  private void add(String flag, boolean is) {
    if (is) {
      words.add(flag);
    }
  }
}
