/** 简体中文，班长的操作和坐席的队列。 */
import type { supervisingEn } from "./supervising_en";

export const supervisingZh: Readonly<Record<keyof typeof supervisingEn, string>> = {
  "queues.left": "不会接到该队列来电",
  "queues.leave": "退出",
  "queues.join": "加入",
  "queues.take": "接听",
  "queues.take.who": "优先接听 {who}",

  "notice.given_to_another": "来电已由人工转给同事。",
  "notice.supervisor_ready": "{by} 已将您设为就绪。",
  "notice.supervisor_break": "{by} 已将您设为{what}。",
  "notice.supervisor_log_out": "{by} 已将您签出。",
  "notice.supervisor_join_queue": "{by} 已将您加入队列“{what}”。",
  "notice.supervisor_leave_queue": "{by} 已将您移出队列“{what}”。",

  "refused.nobody_waits": "这位来电者已不在等待。",
  "refused.not_yours": "您不能从这个队列取来电。",
  "refused.not_available": "现在无法呼叫您，请检查话机。",
  "refused.not_optional": "不能退出这个队列。",
  "refused.unknown_queue": "这个队列已不存在。",
  "refused.same_queue": "来电者已在这个队列中。",
  "refused.too_far": "最多可提前一天。",
  "refused.pbx_away": "电话系统断开期间不能这样做。",
  "refused.no_desktop": "这位坐席没有打开工作台。",
  "refused.agent_not_available": "现在无法转给这位坐席。",
  "refused.agent_logged_out": "这位坐席已签出。",
  "refused.agent_on_a_call": "这位坐席正在通话。",
  "refused.agent_phone_rings": "这位坐席的话机正在振铃。",

  "act.menu": "操作",
  "act.for": "操作：{who}",
  "act.forward": "提前 5 分钟",
  "act.forward.by": "+{time}",
  "act.back": "恢复原来的位置",
  "act.move": "移至{queue}",
  "act.give": "转给 {who}",
  "act.ready": "设为就绪",
  "act.break": "设为小休：{reason}",
  "act.log_out": "签出",
  "act.join": "加入队列“{queue}”",
  "act.leave": "移出队列“{queue}”",
};
