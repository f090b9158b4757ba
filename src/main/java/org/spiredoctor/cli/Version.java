package org.spiredoctor.cli;

import org.spiredoctor.kube.UserAgent;
import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote down. */
public final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"spire-doctor " + UserAgent.version()};
  }
}
