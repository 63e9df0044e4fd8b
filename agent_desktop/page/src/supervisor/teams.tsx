/** The teams, if the company has any: who of them does what just now, and how busy they have been today. */

import { integer, percent } from "../format";
import { t } from "../i18n";
import type { Team } from "../wire";

const STATES = ["ready", "reserved", "busy", "after_call_work", "not_ready", "logged_out"] as const;

export function Teams({ teams }: { teams: readonly Team[] }) {
  if (teams.length === 0) return null;
  return (
    <section class="agents teams" aria-labelledby="teams-title">
      <h2 id="teams-title">{t("board.teams")}</h2>
      <div class="agents-table" role="group" aria-labelledby="teams-title" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("report.by.team")}</th>
              {STATES.map((kind) => (
                <th key={kind} scope="col" class="amount">
                  {t(`state.${kind}`)}
                </th>
              ))}
              <th scope="col" class="amount">
                {t("board.handled")}
              </th>
              <th scope="col" class="amount">
                {t("board.occupancy.today")}
              </th>
            </tr>
          </thead>
          <tbody>
            {teams.map((team) => (
              <tr key={team.name}>
                <th scope="row" dir="auto">
                  {team.name === "" ? t("report.no_team") : team.name}
                </th>
                {STATES.map((kind) => (
                  <td key={kind} class="amount">
                    {integer(team.states[kind] ?? 0)}
                  </td>
                ))}
                <td class="amount">{integer(team.handled)}</td>
                <td class="amount">{percent(team.occupancy)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
