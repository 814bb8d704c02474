"""Where a monthly figure goes at its present pace: points with an honest interval, the error of the past stated with them.

Plain Python and numpy; statsmodels is imported when the first series is fitted, never when the program starts.
"""

from jinchuanggu.engines.forecast.forecasting import Forecast, forecast
from jinchuanggu.engines.forecast.reaching import Reach, Verdict, reach
from jinchuanggu.engines.forecast.series import Reason
from jinchuanggu.engines.forecast.testing import Error

__all__ = ["Error", "Forecast", "Reach", "Reason", "Verdict", "forecast", "reach"]
