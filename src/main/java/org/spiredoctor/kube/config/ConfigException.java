package org.spiredoctor.kube.config;

/**
 * A kubeconfig, or what it refers to, cannot be used. The message quotes no content of the file.
 */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1;

  /**
   * @param message which file, which part of it, what is wrong, and what to do
   */
  public ConfigException(String message) {
    super(message);
  }

  /** The message, which is never missing. */
  public String inWords() {
    return String.valueOf(getMessage());
  }
}
