"""Evaluation of customers (客户评审, section E of the readings, C16.1)."""

from __future__ import annotations

from enum import StrEnum


class Indicator(StrEnum):
    """What a score is made of."""

    COMPLETION = "completion"  # 提货完成率
    EVENNESS = "evenness"  # 周均衡率
    COOPERATION = "cooperation"  # 配合度
    PAYMENT = "payment"  # 付款
    CREDIT = "credit"  # 信用/资质
    COMPLAINTS = "complaints"  # 投诉(责任在客户)
    MARKET_INFO = "market_info"  # 信息反馈


class Grade(StrEnum):
    """Grades by score: >= 90, >= 80, >= 60, below; none when too little weight has data."""

    EXCELLENT = "excellent"  # 优秀
    GOOD = "good"  # 良好
    PASS = "pass"  # 合格
    FAIL = "fail"  # 不合格
    INSUFFICIENT = "insufficient"  # 数据不足


class Aspect(StrEnum):
    """What a cooperation rating is based on (A.X 24)."""

    PLAN_ON_TIME = "plan_on_time"  # 计划准时
    PRICE_DISCIPLINE = "price_discipline"  # 价格纪律
    REGION_DISCIPLINE = "region_discipline"  # 区域纪律
    INFORMATION = "information"  # 信息反馈
