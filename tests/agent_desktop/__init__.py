"""Tests of agent_desktop."""
