package dev.ingot.agent.weave;

import dev.ingot.runtime.ClassSites;

/**
 * A woven class.
 *
 * @param bytes its class file
 * @param sites where in it a capture can happen
 */
@SuppressWarnings("ArrayRecordComponent") // A class file; no two are ever compared.
public record WovenClass(byte[] bytes, ClassSites sites) {}
