namespace Workbench.Web.Services;

/// <summary>The same three sentences in several languages, and two things that models read beside them.</summary>
internal static class LanguageSamples
{
    public static readonly (string Language, string Text)[] All =
    [
        ("English", "Good data makes a good model. We read every row before we train on it. Tomorrow the lighthouse opens at nine."),
        ("German", "Gute Daten machen ein gutes Modell. Wir lesen jede Zeile, bevor wir damit trainieren. Morgen öffnet der Leuchtturm um neun."),
        ("French", "De bonnes données font un bon modèle. Nous lisons chaque ligne avant de l’utiliser. Demain, le phare ouvre à neuf heures."),
        ("Spanish", "Unos buenos datos hacen un buen modelo. Leemos cada fila antes de entrenar con ella. Mañana el faro abre a las nueve."),
        ("Russian", "Хорошие данные дают хорошую модель. Мы читаем каждую строку, прежде чем учить на ней. Завтра маяк откроется в девять."),
        ("Chinese", "好的数据造就好的模型。训练之前，我们会读每一行数据。明天灯塔九点开放。"),
        ("Japanese", "良いデータが良いモデルを作ります。学習する前に、すべての行を読みます。明日、灯台は九時に開きます。"),
        ("Korean", "좋은 데이터가 좋은 모델을 만듭니다. 우리는 학습하기 전에 모든 줄을 읽습니다. 내일 등대는 아홉 시에 엽니다."),
        ("Arabic", "البيانات الجيدة تصنع نموذجًا جيدًا. نقرأ كل سطر قبل أن ندرّب عليه. غدًا تفتح المنارة في التاسعة."),
        ("Hindi", "अच्छा डेटा अच्छा मॉडल बनाता है। प्रशिक्षण से पहले हम हर पंक्ति पढ़ते हैं। कल प्रकाशस्तंभ नौ बजे खुलेगा।"),
        ("Code", "def area(width: float, height: float) -> float:\n    if width < 0 or height < 0:\n        raise ValueError(\"negative side\")\n    return width * height\n"),
        ("Numbers", "3.14159 2026-11-23 1,048,576 42 + 58 = 100 0x7F 6.02e23"),
    ];
}
